//! The rules of the ripple, by example and by chance.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn id(n: u128) -> MilestoneId {
    MilestoneId(Uuid::from_u128(n))
}

fn node(n: u128, start: &str, end: &str) -> Node {
    Node { id: id(n), start: day(start), end: day(end), fixed: false, pushed_from: None }
}

fn edge(milestone: u128, waits_for: u128, lag: i64) -> Edge {
    Edge { milestone: id(milestone), waits_for: id(waits_for), lag }
}

fn to(n: u128, start: &str, end: &str) -> Shift {
    Shift { id: id(n), start: day(start), end: day(end) }
}

/// Shingles on Friday to Wednesday, gutters on Friday after, the walk-through on Monday.
fn roof() -> (Vec<Node>, Vec<Edge>) {
    let nodes = vec![node(1, "2026-06-05", "2026-06-10"), node(2, "2026-06-12", "2026-06-12"), node(3, "2026-06-15", "2026-06-15")];
    (nodes, vec![edge(2, 1, 0), edge(3, 2, 0)])
}

#[test]
fn slack_takes_up_a_small_move() {
    let (nodes, edges) = roof();
    let moved = to(1, "2026-06-05", "2026-06-11");
    assert_eq!(ripple(&Calendar::default(), &nodes, &edges, moved), [moved], "a day was free between shingles and gutters");
}

#[test]
fn a_move_pushes_what_waits_for_it_as_little_as_possible() {
    let (nodes, edges) = roof();
    let moved = to(1, "2026-06-08", "2026-06-12");
    let all = ripple(&Calendar::default(), &nodes, &edges, moved);
    assert_eq!(all, [moved, to(2, "2026-06-15", "2026-06-15"), to(3, "2026-06-16", "2026-06-16")]);
}

#[test]
fn lag_counts_working_days() {
    let (nodes, _) = roof();
    let edges = [edge(2, 1, 2)];
    let moved = to(1, "2026-06-08", "2026-06-11");
    assert_eq!(ripple(&Calendar::default(), &nodes, &edges, moved)[1], to(2, "2026-06-16", "2026-06-16"));
}

#[test]
fn what_has_begun_stays() {
    let (mut nodes, edges) = roof();
    nodes[1].fixed = true;
    let moved = to(1, "2026-06-15", "2026-06-18");
    assert_eq!(ripple(&Calendar::default(), &nodes, &edges, moved), [moved]);
}

#[test]
fn what_was_pushed_goes_back_and_no_further() {
    let (mut nodes, edges) = roof();
    let calendar = Calendar::default();
    let out = ripple(&calendar, &nodes, &edges, to(1, "2026-06-08", "2026-06-12"));
    for shift in &out {
        let node = nodes.iter_mut().find(|n| n.id == shift.id).expect("a node");
        let before = node.start;
        (node.start, node.end) = (shift.start, shift.end);
        node.pushed_from = (shift.id != id(1)).then_some(before);
    }
    let back = ripple(&calendar, &nodes, &edges, to(1, "2026-06-05", "2026-06-10"));
    assert_eq!(back[1..], [to(2, "2026-06-12", "2026-06-12"), to(3, "2026-06-15", "2026-06-15")], "as it was, with its slack");
    // What nobody had pushed keeps its days when what it waits for ends early.
    let (nodes, edges) = roof();
    let early = to(1, "2026-06-01", "2026-06-02");
    assert_eq!(ripple(&calendar, &nodes, &edges, early), [early]);
}

#[test]
fn circles_are_seen() {
    let ids = [id(1), id(2), id(3)];
    assert!(order(ids, &[edge(2, 1, 0), edge(3, 2, 0)]).is_some());
    assert!(order(ids, &[edge(2, 1, 0), edge(1, 2, 0)]).is_none());
    assert!(order(ids, &[edge(1, 1, 0)]).is_none());
}

proptest! {
    /// Whatever moves: afterwards nothing that moved begins before what it waits for has ended, only what had to move did, and no
    /// duration changed.
    #[test]
    fn nothing_overtakes(
        starts in prop::collection::vec(0_u64..40, 2..9),
        lengths in prop::collection::vec(1_i64..6, 9),
        edges in prop::collection::vec((0_usize..9, 0_usize..9, 0_i64..4), 0..14),
        by in 1_u64..30,
    ) {
        let calendar = Calendar::default();
        let zero = day("2026-06-01");
        let nodes: Vec<Node> = starts.iter().enumerate().map(|(n, offset)| {
            let start = calendar.next_working(zero + chrono::Days::new(*offset));
            Node { id: id(n as u128), start, end: calendar.last_day(start, lengths[n]), fixed: false, pushed_from: None }
        }).collect();
        let count = nodes.len();
        // Only forward edges: no circles.
        let edges: Vec<Edge> = edges.into_iter().filter(|(a, b, _)| a > b && *a < count)
            .map(|(a, b, lag)| edge(a as u128, b as u128, lag)).collect();
        let start = calendar.next_working(nodes[0].start + chrono::Days::new(by));
        let moved = Shift { id: nodes[0].id, start, end: calendar.last_day(start, lengths[0]) };
        let shifts = ripple(&calendar, &nodes, &edges, moved);
        let end_of = |id: MilestoneId| shifts.iter().find(|s| s.id == id).map_or_else(|| nodes.iter().find(|n| n.id == id).expect("a node").end, |s| s.end);
        for shift in &shifts[1..] {
            let node = nodes.iter().find(|n| n.id == shift.id).expect("a node");
            prop_assert!(shift.start > node.start, "only later, and only what moves is listed");
            prop_assert_eq!(calendar.length(shift.start, shift.end), calendar.length(node.start, node.end));
            for e in edges.iter().filter(|e| e.milestone == shift.id) {
                prop_assert!(shift.start >= calendar.after(end_of(e.waits_for), e.lag));
            }
        }
    }
}
