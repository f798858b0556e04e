//! The normal distribution between two bounds.

/// The median of a normal distribution cut at its bounds.
pub(super) fn median_between(mean: f64, deviation: f64, least: Option<f64>, most: Option<f64>) -> f64 {
    let share = |bound: Option<f64>, open: f64| bound.map_or(open, |bound| below((bound - mean) / deviation));
    mean + deviation * quantile(f64::midpoint(share(least, 0.0), share(most, 1.0)))
}

/// The share of a standard normal distribution below `z`.
fn below(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// The `z` below which a share of a standard normal distribution lies, by bisection to a billionth.
fn quantile(share: f64) -> f64 {
    let (mut low, mut high) = (-10.0, 10.0);
    while high - low > 1e-9 {
        let middle = f64::midpoint(low, high);
        if below(middle) < share { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_move_the_median_to_the_other_side() {
        assert!((median_between(5.0, 2.0, None, None) - 5.0).abs() < 1e-6);
        assert!((median_between(5.0, 2.0, Some(3.0), Some(7.0)) - 5.0).abs() < 1e-6);
        // Above its mean a half-normal has its median at the upper quartile of the whole: 0.6745 deviations.
        assert!((median_between(0.0, 1.0, Some(0.0), None) - 0.674_489_75).abs() < 1e-6);
    }
}
