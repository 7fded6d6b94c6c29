//! What the storage promises, told on both engines.

mod support;

mod audit;
