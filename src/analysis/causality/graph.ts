import type { CausalDirection } from "./direction.js";

/** What was found for a pair of variables, by their indices. */
export interface PairVerdict extends Pick<CausalDirection, "cause" | "finding"> {
  readonly first: number;
  readonly second: number;
}

export interface CausalGraph {
  readonly edges: readonly { readonly cause: number; readonly effect: number }[];
  /** Pairs that depend on each other in ways no direction explains: perhaps a latent common cause. */
  readonly unexplained: readonly { readonly first: number; readonly second: number }[];
  /** Pairs about which the tests cannot tell. */
  readonly ambiguous: readonly { readonly first: number; readonly second: number }[];
  /** Sets of variables each of which reaches all others of its set: no acyclic graph has them. */
  readonly cycles: readonly (readonly number[])[];
}

/** The graph of pairwise verdicts. A pair without an edge, listed nowhere, is independent. */
export function causalGraph(variables: number, verdicts: readonly PairVerdict[]): CausalGraph {
  const edges = verdicts.flatMap(({ first, second, cause }) =>
    cause === null ? [] : [cause === 0 ? { cause: first, effect: second } : { cause: second, effect: first }],
  );
  const pairs = (finding: PairVerdict["finding"]) =>
    verdicts.filter((verdict) => verdict.finding === finding).map(({ first, second }) => ({ first, second }));
  return {
    edges,
    unexplained: pairs("all dependent"),
    ambiguous: pairs("ambiguous"),
    cycles: cyclesOf(variables, edges),
  };
}

/** Strongly connected sets of two or more. */
function cyclesOf(variables: number, edges: CausalGraph["edges"]): number[][] {
  const reach = Array.from({ length: variables }, () => new Array<boolean>(variables).fill(false));
  for (const { cause, effect } of edges) reach[cause][effect] = true;
  for (let via = 0; via < variables; via++) {
    for (let from = 0; from < variables; from++) {
      if (reach[from][via]) for (let to = 0; to < variables; to++) reach[from][to] ||= reach[via][to];
    }
  }
  const seen = new Set<number>();
  const cycles: number[][] = [];
  for (let start = 0; start < variables; start++) {
    if (seen.has(start)) continue;
    const members = Array.from(reach.keys()).filter((other) => reach[start][other] && reach[other][start]);
    for (const member of members) seen.add(member);
    if (members.length > 1) cycles.push(members);
  }
  return cycles;
}
