//! The chat of one room: kept in memory while the session lives, and nowhere else.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::message::ChatLine;

/// How many messages a late joiner is shown.
pub const HISTORY: usize = 100;
/// The longest message, in characters.
pub const LONGEST: usize = 2000;

/// The last messages of a room.
#[derive(Debug, Default)]
pub struct Chat {
    lines: VecDeque<ChatLine>,
    last_id: u64,
}

impl Chat {
    /// Keeps a message, forgets the oldest beyond [`HISTORY`], and gives it its number.
    pub fn add(&mut self, from: i64, text: String, at: DateTime<Utc>) -> ChatLine {
        self.last_id += 1;
        let line = ChatLine {
            id: self.last_id,
            from,
            text,
            at,
        };
        if self.lines.len() == HISTORY {
            self.lines.pop_front();
        }
        self.lines.push_back(line.clone());
        line
    }

    /// The messages kept, oldest first.
    pub fn lines(&self) -> impl Iterator<Item = &ChatLine> {
        self.lines.iter()
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_hundred_messages_are_kept_and_numbers_go_on() {
        let mut chat = Chat::default();
        for i in 0..250 {
            chat.add(1, i.to_string(), DateTime::UNIX_EPOCH);
        }
        let ids: Vec<u64> = chat.lines().map(|line| line.id).collect();
        assert_eq!(ids, (151..=250).collect::<Vec<u64>>());
    }
}
