//! Counter-based chance: every draw is a pure function of names, identity and a draw number.
//!
//! Philox4x32-10 after Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).

use xxhash_rust::xxh3::xxh3_64_with_seed;

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Ten rounds of Philox on a 128-bit counter under a 64-bit key.
pub fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let left = u64::from(MULTIPLIERS[0]) * u64::from(counter[0]);
        let right = u64::from(MULTIPLIERS[1]) * u64::from(counter[2]);
        counter = [(right >> 32) as u32 ^ counter[1] ^ key[0], right as u32, (left >> 32) as u32 ^ counter[3] ^ key[1], left as u32];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

/// The key of a stream of draws: one per seed, table and purpose (mostly a column's name).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StreamKey([u32; 2]);

impl StreamKey {
    /// The stream of a named purpose within a named table. The zero byte keeps ("ab","c") and ("a","bc") apart.
    pub fn new(seed: i64, table: &str, purpose: &str) -> Self {
        let mut name = Vec::with_capacity(table.len() + purpose.len() + 1);
        name.extend_from_slice(table.as_bytes());
        name.push(0);
        name.extend_from_slice(purpose.as_bytes());
        let hash = xxh3_64_with_seed(&name, seed as u64);
        Self([hash as u32, (hash >> 32) as u32])
    }

    /// The draws of one row. `attempt` counts the row's redraws.
    pub fn draws(self, identity: u64, attempt: u32) -> Draws {
        Draws { key: self.0, identity, attempt, block: 0, words: [0; 4], used: 4 }
    }

    /// The first 64 bits of the row's draws.
    pub fn bits(self, identity: u64) -> u64 {
        let words = philox([identity as u32, (identity >> 32) as u32, 0, 0], self.0);
        u64::from(words[0]) | (u64::from(words[1]) << 32)
    }

    /// A uniform number in [0, 1).
    pub fn unit(self, identity: u64) -> f64 {
        to_unit(self.bits(identity))
    }
}

/// A row's draws on one stream, in order.
#[derive(Debug, Clone)]
pub struct Draws {
    key: [u32; 2],
    identity: u64,
    attempt: u32,
    block: u32,
    words: [u32; 4],
    used: usize,
}

impl Draws {
    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        if self.used > 2 {
            self.words = philox([self.identity as u32, (self.identity >> 32) as u32, self.block, self.attempt], self.key);
            self.block += 1;
            self.used = 0;
        }
        let word = u64::from(self.words[self.used]) | (u64::from(self.words[self.used + 1]) << 32);
        self.used += 2;
        word
    }

    /// A uniform number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        to_unit(self.bits())
    }

    /// A uniform number in 0..`bound` (0 where the bound is 0).
    pub fn below(&mut self, bound: u64) -> u64 {
        scale(self.bits(), bound)
    }

    /// A standard normal number (the polar form of Box and Muller, without trigonometry's platform differences).
    pub fn normal(&mut self) -> f64 {
        loop {
            let x = self.unit().mul_add(2.0, -1.0);
            let y = self.unit().mul_add(2.0, -1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * libm::sqrt(-2.0 * libm::log(square) / square);
            }
        }
    }
}

/// Maps 64 bits to 0..`bound` by multiplication; the bias is below bound / 2^64.
pub fn scale(bits: u64, bound: u64) -> u64 {
    ((u128::from(bits) * u128::from(bound)) >> 64) as u64
}

fn to_unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// The identity of a child: its parent's identity and its ordinal among its siblings.
pub fn child_identity(parent: u64, ordinal: u64) -> u64 {
    mix(parent ^ mix(ordinal.wrapping_add(0x9E37_79B9_7F4A_7C15)))
}

/// A bijective mix of 64 bits (the finaliser of SplitMix64).
pub fn mix(mut bits: u64) -> u64 {
    bits ^= bits >> 30;
    bits = bits.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits ^= bits >> 27;
    bits = bits.wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// A permutation of 0..`size`, keyed: a four-round Feistel network with cycle walking.
///
/// Its domain is the value space, never a row count, so more rows leave earlier values alone.
pub fn permute(index: u64, size: u64, key: u64) -> u64 {
    if size < 2 {
        return 0;
    }
    let bits = 64 - (size - 1).leading_zeros();
    let half = bits.div_ceil(2);
    let mask = (1u64 << half) - 1;
    let mut value = index;
    loop {
        let (mut left, mut right) = (value >> half, value & mask);
        for round in 0..4 {
            let next = left ^ (mix(right ^ key.rotate_left(round * 16) ^ u64::from(round) << 56) & mask);
            left = right;
            right = next;
        }
        value = (left << half) | right;
        if value < size {
            return value;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn philox_matches_the_published_vectors() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]);
    }

    #[test]
    fn purposes_and_attempts_are_independent_streams() {
        let one = StreamKey::new(42, "a", "b").draws(7, 0).bits();
        assert_ne!(one, StreamKey::new(42, "a", "c").draws(7, 0).bits());
        assert_ne!(one, StreamKey::new(43, "a", "b").draws(7, 0).bits());
        assert_ne!(one, StreamKey::new(42, "a", "b").draws(7, 1).bits());
        assert_ne!(StreamKey::new(1, "ab", "c"), StreamKey::new(1, "a", "bc"));
    }

    #[test]
    fn normal_draws_have_mean_zero_and_deviation_one() {
        let mut draws = StreamKey::new(1, "t", "c").draws(1, 0);
        let values: Vec<f64> = (0..20_000).map(|_| draws.normal()).collect();
        let mean = values.iter().sum::<f64>() / 20_000.0;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
    }

    proptest! {
        #[test]
        fn permutation_is_a_bijection(size in 1u64..3000, key: u64) {
            let mut seen = vec![false; size as usize];
            for index in 0..size {
                let value = permute(index, size, key) as usize;
                prop_assert!(!seen[value]);
                seen[value] = true;
            }
        }
    }
}
