/** Bytes, as short as can be read. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${math.floor(bytes)} B`;
  if (bytes < 1024 * 1024) return string.format("%.1f KB", bytes / 1024);
  return string.format("%.1f MB", bytes / 1024 / 1024);
}

/** Seconds, in the largest unit that there is one of. */
export function ageText(seconds: number): string {
  if (seconds < 60) return `${math.floor(seconds)} s`;
  if (seconds < 3600) return `${math.floor(seconds / 60)} min`;
  return `${math.floor(seconds / 3600)} h`;
}
