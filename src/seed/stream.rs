//! Randomness that belongs to a row: it depends on the seed, the table and the key, and on no other row.

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::{Builder, Uuid};

/// The random choices of one row. The same on every machine, whatever is drawn for other rows.
#[derive(Debug)]
pub(super) struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of this row.
    pub(super) fn of(seed: u64, table: &str, key: i64) -> Self {
        let mut bytes = [0; 32];
        let parts = seed.to_le_bytes().into_iter();
        let parts = parts.chain(key.to_le_bytes()).chain(table.bytes());
        for (place, byte) in bytes.iter_mut().zip(parts) {
            *place = byte;
        }
        Self(ChaCha8Rng::from_seed(bytes))
    }

    /// A number from `low` to `high`, both included; `low` if there is none.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        self.0.random_range(low..=high)
    }

    /// True as often as this of a hundred times.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of these; the default if there are none.
    pub(super) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        items.choose(&mut self.0).copied().unwrap_or_default()
    }

    /// One of these, each as often as its weight says; the default if there are none.
    pub(super) fn weighted<T: Copy + Default>(&mut self, items: &[(T, u32)]) -> T {
        items
            .choose_weighted(&mut self.0, |(_, weight)| *weight)
            .map(|(item, _)| *item)
            .unwrap_or_default()
    }

    /// One of these, each as often as its weight says, for types that have no default.
    pub(super) fn one_of<T: Copy>(&mut self, otherwise: T, items: &[(T, u32)]) -> T {
        items
            .choose_weighted(&mut self.0, |(_, weight)| *weight)
            .map_or(otherwise, |(item, _)| *item)
    }

    /// Brings these into another order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        items.shuffle(&mut self.0);
    }

    /// This many characters of an alphabet.
    pub(super) fn text(&mut self, count: usize, alphabet: &str) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..count).map(|_| self.pick(&alphabet)).collect()
    }

    /// A UUID as browsers draw it (version 4).
    pub(super) fn uuid(&mut self) -> Uuid {
        Builder::from_random_bytes(self.0.random()).into_uuid()
    }

    /// For crates that draw by themselves.
    pub(super) fn rng(&mut self) -> &mut impl Rng {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(seed: u64, table: &str, key: i64) -> String {
        Stream::of(seed, table, key).text(40, "0123456789")
    }

    #[test]
    fn each_row_has_its_own_stream() {
        let here = draw(1, "order", 1);
        assert_eq!(here, draw(1, "order", 1));
        let others = [
            draw(2, "order", 1),
            draw(1, "order_item", 1),
            draw(1, "order", 2),
        ];
        assert!(!others.contains(&here));
    }

    #[test]
    fn numbers_stay_in_their_range() {
        let mut stream = Stream::of(7, "visit", 7);
        for _ in 0..1_000 {
            assert!((-3..=3).contains(&stream.between(-3, 3)));
        }
        assert_eq!(stream.between(5, 4), 5);
    }
}
