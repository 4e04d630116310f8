/** What serves a target: named by the target itself or, ending in a slash, by the start of many. */
export type Targets<Served> = ReadonlyMap<string, Served>;

/** The path of a request's target, without its query. */
export function pathOf(target: string): string {
  return target.split("?", 1)[0] ?? "";
}

export function lookUp<Served>(targets: Targets<Served>, target: string): Served | undefined {
  const path = pathOf(target);
  const exact = targets.get(path);
  if (exact !== undefined) return exact;
  for (const [start, served] of targets) if (start.endsWith("/") && path.startsWith(start)) return served;
  return undefined;
}
