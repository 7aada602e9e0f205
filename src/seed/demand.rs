//! What is asked for: few products sell most, and each kind has its season.

use sudare_entities::product;

use super::stream::Stream;

/// What the most wanted product weighs; the second weighs a half of it, the third a third (Zipf).
const MOST: u32 = 1_000_000;

/// How much each kind is asked for from January to December, in percent of its usual share, by how its numbers begin.
const SEASONS: &[(&str, [u32; 12])] = &[
    ("AUD", [90, 80, 80, 80, 80, 90, 90, 90, 90, 100, 160, 170]),
    ("GAR", [20, 40, 140, 220, 240, 180, 120, 90, 70, 40, 20, 20]),
    ("KIT", [110, 80, 80, 80, 80, 80, 70, 80, 90, 110, 160, 190]),
    (
        "OFF",
        [160, 110, 100, 90, 90, 80, 70, 130, 160, 100, 80, 60],
    ),
    ("OUT", [50, 50, 80, 110, 150, 200, 220, 160, 90, 60, 50, 60]),
    ("SMA", [90, 80, 80, 80, 80, 80, 80, 90, 100, 110, 170, 150]),
];

/// How much each product is asked for in each month.
#[derive(Debug)]
pub(super) struct Demand {
    months: Vec<Vec<(usize, u32)>>,
}

impl Demand {
    /// The demand for these products. Which of them are wanted most depends on the seed.
    pub(super) fn of(seed: u64, products: &[product::Model]) -> Self {
        let ranks = ranks(&mut Stream::of(seed, "n demand", 0), products.len());
        let month = |month: usize| {
            let products = products.iter().zip(&ranks).enumerate();
            let weight = |(place, (product, rank)): (usize, (&product::Model, &u32))| {
                (place, MOST / rank.max(&1) / 100 * season(product, month))
            };
            products.map(weight).collect()
        };
        Self {
            months: (0..12).map(month).collect(),
        }
    }

    /// What is bought in a month, which is counted from nought: the place of a product.
    pub(super) fn product(&self, stream: &mut Stream, month0: u32) -> usize {
        let month = usize::try_from(month0).unwrap_or_default();
        self.months
            .get(month)
            .map(|weights| stream.weighted(weights))
            .unwrap_or_default()
    }
}

fn season(product: &product::Model, month: usize) -> u32 {
    let of_its_kind = SEASONS
        .iter()
        .find(|(code, _)| product.sku.starts_with(code));
    of_its_kind
        .and_then(|(_, months)| months.get(month))
        .copied()
        .unwrap_or(100)
}

/// The numbers from one to `count`, shuffled.
fn ranks(stream: &mut Stream, count: usize) -> Vec<u32> {
    let mut ranks: Vec<u32> = (1..).take(count).collect();
    stream.shuffle(&mut ranks);
    ranks
}
