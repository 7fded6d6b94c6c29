//! Which layer of each video a receiver gets, by the tiles on his screen and his bandwidth.

/// One layer of a sent video, smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layer {
    /// Picture height in pixels, as known or assumed.
    pub height: u32,
    /// Bits per second, as measured or assumed.
    pub bitrate: u64,
    /// Packets came lately.
    pub active: bool,
}

/// One video that a receiver could get.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    /// Its layers, smallest first; at least one.
    pub layers: &'a [Layer],
    /// Height of the tile in pixels; `None` when it is not on the screen.
    pub tile_height: Option<u32>,
    /// Area of the tile: the larger is served first.
    pub tile_area: u64,
    /// A shared screen is served before faces.
    pub screen: bool,
    /// The layer sent until now.
    pub current: Option<usize>,
}

/// What is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The layer for each wish, in the same order; `None` sends nothing.
    pub layers: Vec<Option<usize>>,
    /// Bits per second of the layers that the tiles ask for, were there bandwidth for them.
    pub ideal_bitrate: u64,
    /// A tile gets less than it asks for because of the bandwidth.
    pub limited: bool,
}

/// The single layer of a sender without simulcast is sent as long as this share of its bitrate fits: the
/// sender is told to slow down meanwhile.
const SINGLE_LAYER_SHARE: f64 = 0.25;

/// What is known of the way to the receiver.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    /// Bits per second for video; `None` when nothing is known and everything fits.
    pub budget: Option<u64>,
    /// The budget is a limit that was met lately. An estimate that was never put to the test is too low as a rule,
    /// and no reason to show nobody: then everybody's smallest layer is sent.
    pub congested: bool,
    /// A layer may be raised. One that was just too much for the link should not be tried again at once.
    pub may_raise: bool,
}

/// Chooses layers by what the link takes. A step up is taken only with a tenth to spare.
pub(crate) fn choose(wishes: &[Wish<'_>], link: Link) -> Choice {
    let Link {
        budget,
        congested,
        may_raise,
    } = link;
    let ideal: Vec<Option<usize>> = wishes.iter().map(ideal_layer).collect();
    let ideal_bitrate = wishes
        .iter()
        .zip(&ideal)
        .filter_map(|(w, i)| i.map(|i| cost(&w.layers[i])))
        .sum();
    let Some(mut left) = budget else {
        return Choice {
            layers: ideal,
            ideal_bitrate,
            limited: false,
        };
    };

    let mut order: Vec<usize> = (0..wishes.len()).filter(|&i| ideal[i].is_some()).collect();
    order.sort_by_key(|&i| (!wishes[i].screen, std::cmp::Reverse(wishes[i].tile_area), i));

    let mut layers: Vec<Option<usize>> = vec![None; wishes.len()];
    // First everybody's smallest layer, then step by step up, the important ones first.
    for &i in &order {
        let lowest = lowest_layer(&wishes[i]);
        let cost = cost(&wishes[i].layers[lowest]);
        let sendable = if wishes[i].layers.len() == 1 {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a bitrate is far below 2^52 and not negative"
            )]
            let least = (cost as f64 * SINGLE_LAYER_SHARE) as u64;
            left >= least
        } else {
            left >= cost
        };
        if sendable || !congested {
            layers[i] = Some(lowest);
            left = left.saturating_sub(cost);
        }
    }
    for &i in &order {
        let (Some(mut at), Some(goal)) = (layers[i], ideal[i]) else {
            continue;
        };
        while at < goal {
            let Some(next) = (at + 1..=goal).find(|&n| wishes[i].layers[n].active) else {
                break;
            };
            let extra = wishes[i].layers[next]
                .bitrate
                .saturating_sub(cost(&wishes[i].layers[at]));
            let raises = wishes[i].current.is_none_or(|current| next > current);
            let needed = if raises { extra + extra / 10 } else { extra };
            if left < needed || (raises && !may_raise && wishes[i].current.is_some()) {
                break;
            }
            left = left.saturating_sub(extra);
            at = next;
        }
        layers[i] = Some(at);
    }
    let limited = layers != ideal;
    Choice {
        layers,
        ideal_bitrate,
        limited,
    }
}

/// The smallest active layer that fills the tile, else the largest active one, else the smallest of all
/// (its packets may come any moment).
fn ideal_layer(wish: &Wish<'_>) -> Option<usize> {
    let tile = wish.tile_height?;
    let fills = wish
        .layers
        .iter()
        .position(|l| l.active && l.height >= tile);
    Some(
        fills
            .or_else(|| wish.layers.iter().rposition(|l| l.active))
            .unwrap_or(0),
    )
}

/// Bits per second that a layer takes: none while the sender has stopped it, a camera that is off above all.
fn cost(layer: &Layer) -> u64 {
    if layer.active { layer.bitrate } else { 0 }
}

fn lowest_layer(wish: &Wish<'_>) -> usize {
    wish.layers.iter().position(|l| l.active).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn link(budget: Option<u64>, may_raise: bool) -> Link {
        Link {
            budget,
            congested: true,
            may_raise,
        }
    }

    const CAMERA: [Layer; 3] = [
        Layer {
            height: 180,
            bitrate: 150_000,
            active: true,
        },
        Layer {
            height: 360,
            bitrate: 500_000,
            active: true,
        },
        Layer {
            height: 720,
            bitrate: 1_500_000,
            active: true,
        },
    ];

    fn camera(tile_height: Option<u32>, current: Option<usize>) -> Wish<'static> {
        Wish {
            layers: &CAMERA,
            tile_height,
            tile_area: u64::from(tile_height.unwrap_or(0)).pow(2),
            screen: false,
            current,
        }
    }

    #[test]
    fn a_small_tile_gets_the_small_layer() {
        assert_eq!(
            choose(&[camera(Some(120), None)], link(None, true)).layers,
            [Some(0)]
        );
        assert_eq!(
            choose(&[camera(Some(300), None)], link(None, true)).layers,
            [Some(1)]
        );
        assert_eq!(
            choose(&[camera(Some(1080), None)], link(None, true)).layers,
            [Some(2)]
        );
        assert_eq!(
            choose(&[camera(None, Some(2))], link(None, true)).layers,
            [None]
        );
    }

    #[test]
    fn a_tight_link_gets_less_and_says_so() {
        let choice = choose(&[camera(Some(720), Some(2))], link(Some(600_000), true));
        assert_eq!(choice.layers, [Some(1)]);
        assert!(choice.limited);
        assert_eq!(choice.ideal_bitrate, 1_500_000);
    }

    #[test]
    fn a_layer_is_not_tried_again_before_it_may_be_raised() {
        assert_eq!(
            choose(&[camera(Some(720), Some(1))], link(Some(9_000_000), false)).layers,
            [Some(1)]
        );
        assert_eq!(
            choose(&[camera(Some(720), Some(1))], link(Some(9_000_000), true)).layers,
            [Some(2)]
        );
    }

    #[test]
    fn an_estimate_that_was_never_put_to_the_test_pauses_nobody() {
        let wishes = [camera(Some(720), None), camera(Some(720), None)];
        let untested = Link {
            budget: Some(100_000),
            congested: false,
            may_raise: true,
        };
        assert_eq!(choose(&wishes, untested).layers, [Some(0), Some(0)]);
        assert_eq!(
            choose(&wishes, link(Some(160_000), true)).layers,
            [Some(0), None]
        );
    }

    #[test]
    fn the_screen_comes_first() {
        let screen = [Layer {
            height: 1080,
            bitrate: 800_000,
            active: true,
        }];
        let wishes = [
            camera(Some(720), None),
            Wish {
                layers: &screen,
                tile_height: Some(100),
                tile_area: 1,
                screen: true,
                current: None,
            },
        ];
        assert_eq!(
            choose(&wishes, link(Some(1_000_000), true)).layers,
            [Some(0), Some(0)]
        );
        assert_eq!(
            choose(&wishes, link(Some(400_000), true)).layers,
            [None, Some(0)]
        );
    }

    #[test]
    fn layers_that_the_sender_stopped_are_not_chosen() {
        let mut layers = CAMERA;
        layers[2].active = false;
        let wish = Wish {
            layers: &layers,
            ..camera(Some(720), Some(2))
        };
        assert_eq!(choose(&[wish], link(None, true)).layers, [Some(1)]);
    }

    proptest! {
        #[test]
        fn the_budget_is_kept_and_nobody_gets_more_than_his_tile(
            tiles in prop::collection::vec((prop::option::of(1u32..2000), prop::option::of(0usize..3)), 0..10),
            budget in 0u64..20_000_000,
            may_raise: bool,
        ) {
            let wishes: Vec<_> = tiles.iter().map(|&(tile, current)| camera(tile, current)).collect();
            let choice = choose(&wishes, link(Some(budget), may_raise));
            let used: u64 = choice.layers.iter().flatten().map(|&l| CAMERA[l].bitrate).sum();
            prop_assert!(used <= budget);
            let free = choose(&wishes, link(None, may_raise));
            for (got, most) in choice.layers.iter().zip(&free.layers) {
                prop_assert!(got.is_none() || got <= most);
            }
            prop_assert_eq!(choice.limited, choice.layers != free.layers);
        }
    }
}
