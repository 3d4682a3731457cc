//! Chance, the same for the same seed.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;

/// What all chance of one world comes from.
pub(super) struct Dice(fastrand::Rng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        // Neighboring seeds must not give neighboring worlds.
        Self(fastrand::Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66))
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.0.f64() < probability
    }

    pub(super) fn between(&mut self, range: RangeInclusive<u64>) -> u64 {
        self.0.u64(range)
    }

    pub(super) fn index(&mut self, len: usize) -> usize {
        self.0.usize(0..len)
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.index(of.len())]
    }

    /// Evenly on a scale of logarithms: as many small senders as large ones.
    pub(super) fn scale(&mut self, low: f64, high: f64) -> f64 {
        (low.ln() + self.0.f64() * (high.ln() - low.ln())).exp()
    }

    /// About a normal distribution around 0 with deviation 1.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.0.f64()).sum::<f64>() - 6.0
    }

    /// A count around its mean, as of events that come by themselves.
    pub(super) fn about(&mut self, mean: f64) -> u64 {
        if mean <= 0.0 {
            return 0;
        }
        if mean > 30.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as u64;
        }
        let (mut count, mut product) = (0, self.0.f64());
        let end = (-mean).exp();
        while product > end {
            count += 1;
            product *= self.0.f64();
        }
        count
    }

    /// How many of `n` do what each does with a probability.
    pub(super) fn of(&mut self, n: u64, probability: f64) -> u64 {
        if n > 40 {
            let mean = n as f64 * probability;
            if mean > 12.0 && n as f64 - mean > 12.0 {
                let deviation = (mean * (1.0 - probability)).sqrt();
                return (mean + deviation * self.normal()).round().clamp(0.0, n as f64) as u64;
            }
            if probability < 0.5 {
                return self.about(mean).min(n);
            }
            return n - self.about(n as f64 - mean).min(n);
        }
        (0..n).filter(|_| self.chance(probability)).count() as u64
    }

    /// Divides a count by weights.
    pub(super) fn divide(&mut self, mut n: u64, weights: &[f64]) -> Vec<u64> {
        let mut left: f64 = weights.iter().sum();
        weights
            .iter()
            .map(|weight| {
                let share = if left <= 0.0 { 0 } else { self.of(n, (weight / left).clamp(0.0, 1.0)) };
                left -= weight;
                n -= share;
                share
            })
            .collect()
    }

    /// A network of 256 addresses where nobody else of this world is, by its first address.
    pub(super) fn network(&mut self, taken: &mut Vec<u32>) -> u32 {
        loop {
            let first = self.0.u8(20..190);
            let network = u32::from(first) << 24 | u32::from(self.0.u16(..)) << 8;
            if ![100, 127, 169, 172, 192, 198].contains(&first) && !taken.contains(&network) {
                taken.push(network);
                return network;
            }
        }
    }

    /// So many addresses of a network.
    pub(super) fn addresses(&mut self, network: u32, count: u64) -> Vec<IpAddr> {
        let first = self.0.u32(1..200);
        (0..count as u32).map(|host| IpAddr::V4(Ipv4Addr::from(network + (first + host) % 255 + 1))).collect()
    }

    /// Letters that mean nothing.
    pub(super) fn word(&mut self, letters: usize) -> String {
        (0..letters)
            .map(|at| {
                let of: &[u8] = if at % 2 == 0 { b"bdfgklmnprstvz" } else { b"aeiou" };
                char::from(of[self.index(of.len())])
            })
            .collect()
    }
}
