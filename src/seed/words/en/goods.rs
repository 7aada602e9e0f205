//! What a house sells.

use crate::seed::words::Shelf;

pub(super) const SHELVES: &[Shelf] = &[
    Shelf {
        category: "Audio",
        code: "AUD",
        products: &[
            ("Studio headphones", 189),
            ("Travel earbuds", 79),
            ("Bookshelf speaker pair", 349),
            ("Kitchen radio", 59),
            ("Soundbar", 229),
            ("Turntable", 279),
            ("Voice recorder", 69),
            ("Party speaker", 159),
            ("Noise-cancelling headset", 129),
            ("Desktop microphone", 99),
        ],
    },
    Shelf {
        category: "Home office",
        code: "OFF",
        products: &[
            ("Standing desk", 489),
            ("Ergonomic chair", 329),
            ("Monitor arm", 89),
            ("Desk lamp", 49),
            ("Mechanical keyboard", 109),
            ("Vertical mouse", 59),
            ("Document scanner", 149),
            ("Footrest", 39),
            ("Cable tray", 25),
            ("27-inch monitor", 299),
        ],
    },
    Shelf {
        category: "Kitchen",
        code: "KIT",
        products: &[
            ("Espresso machine", 429),
            ("Pour-over kettle", 65),
            ("Chef's knife", 89),
            ("Cast-iron pan", 45),
            ("Stand mixer", 379),
            ("Rice cooker", 79),
            ("Toaster", 55),
            ("Burr grinder", 119),
            ("Vacuum blender", 139),
            ("Bamboo board set", 29),
        ],
    },
    Shelf {
        category: "Outdoor",
        code: "OUT",
        products: &[
            ("Two-person tent", 219),
            ("Down sleeping bag", 159),
            ("Trekking poles", 69),
            ("Headlamp", 35),
            ("Trail backpack", 129),
            ("Camping stove", 49),
            ("Insulated bottle", 29),
            ("Rain jacket", 139),
            ("Hammock", 45),
            ("Folding chair", 39),
        ],
    },
    Shelf {
        category: "Smart home",
        code: "SMA",
        products: &[
            ("Smart thermostat", 149),
            ("Door sensor", 25),
            ("Light strip", 35),
            ("Video doorbell", 179),
            ("Smart plug", 19),
            ("Leak detector", 29),
            ("Robot vacuum", 389),
            ("Air quality monitor", 89),
            ("Smart lock", 199),
            ("Hub", 69),
        ],
    },
    Shelf {
        category: "Garden",
        code: "GAR",
        products: &[
            ("Cordless trimmer", 129),
            ("Pruning shears", 25),
            ("Raised bed", 85),
            ("Rain barrel", 95),
            ("Solar lanterns", 39),
            ("Compost bin", 69),
            ("Watering can", 19),
            ("Bird feeder", 29),
            ("Hose reel", 59),
            ("Bamboo blind", 45),
        ],
    },
];

pub(super) const PRAISES: &[&str] = &[
    "Made to last, with spare parts for ten years.",
    "The one that our own staff takes home.",
    "Quiet, light and easy to clean.",
    "Ships in a box without plastic.",
    "A small upgrade that is felt every day.",
];

pub(super) const CAMPAIGNS: &[(&str, (i32, u32, u32))] = &[
    ("Spring Refresh", (2024, 3, 4)),
    ("Back to the Desk", (2024, 8, 26)),
    ("Black Friday Early Access", (2024, 11, 18)),
    ("New Year, New Kitchen", (2025, 1, 6)),
    ("Garden Season Opening", (2025, 4, 7)),
    ("Summer Outdoors", (2025, 6, 16)),
    ("Smart Home Week", (2025, 10, 13)),
    ("Loyalty Double Points", (2026, 5, 11)),
];
