/** What a user types in a terminal, in the folder of Puente. A bare `puente` is on nobody's path. */
export function command(words: string): string {
  return `npm run --silent puente -- ${words}`;
}
