//! Stories of rooms in virtual time: real str0m clients, no socket, no sleep.

mod bandwidth;
mod client;
mod faults;
mod people;
mod world;
