//! Chance that repeats itself: the same seed, the same throws, on any machine.

use serde_json::{Value, json};

/// A generator of random numbers (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(0x9e37_79b9))
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.throw() % end as u64).expect("less than end")
    }

    /// Whether something of this many per thousand happens.
    pub(crate) fn happens(&mut self, per_thousand: usize) -> bool {
        self.below(1000) < per_thousand
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Some of them, in their order.
    pub(crate) fn some<T: Clone>(&mut self, from: &[T]) -> Vec<T> {
        let share = 1 + self.below(999);
        from.iter().filter(|_| self.happens(share)).cloned().collect()
    }

    /// The value, or rarely one that may be of another type.
    pub(crate) fn odd(&mut self, value: Value) -> Value {
        if !self.happens(2) {
            return value;
        }
        let odd = [
            Value::Null,
            json!("odd"),
            json!(""),
            json!("5"),
            json!(5),
            json!(-1),
            json!(1.5),
            json!(u64::MAX),
            json!(3_000_000_000_u64),
            json!(true),
            json!([]),
            json!([null]),
            json!(["odd"]),
            json!({}),
            json!({"odd": null}),
        ];
        self.pick(&odd).clone()
    }

    /// One of some words, or rarely something odd.
    pub(crate) fn odd_pick(&mut self, from: &[&str]) -> Value {
        let value = json!(self.pick(from));
        self.odd(value)
    }
}
