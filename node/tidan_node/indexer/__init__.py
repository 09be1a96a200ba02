"""The chain as rows: blocks and events, followed, rewound and replayed."""
