import type { Parts } from "./parts.ts";
import type { Size } from "./pass.ts";

/** What UISizeConstraint, then UIAspectRatioConstraint make of a size; a ratio is kept where both cannot be. */
export function constrained(parts: Parts, { width, height }: Size, room: Size, scale: number): Size {
  const { size, aspect } = parts;
  const x = held(width, size?.least.x, size?.most.x, scale);
  const y = held(height, size?.least.y, size?.most.y, scale);
  if (aspect === undefined || !(aspect.ratio > 0)) return { width: x, height: y };
  const { ratio } = aspect;
  if (!aspect.isOfParent) {
    // The largest of this ratio inside of its own size is the same by either axis.
    const fitting = Math.min(x, y * ratio);
    return { width: fitting, height: fitting / ratio };
  }
  const wanted = aspect.byWidth ? x : y * ratio;
  const fitting = Math.min(wanted, room.width, room.height * ratio);
  return { width: fitting, height: fitting / ratio };
}

/** A limit in pixels; what has none has none under a UIScale of 0 either. */
export function limit(pixels: number, scale: number): number {
  return pixels === Number.POSITIVE_INFINITY ? pixels : pixels * scale;
}

/** A size is never negative. */
export function held(value: number, least = 0, most = Number.POSITIVE_INFINITY, scale = 1): number {
  return Math.max(0, Math.min(Math.max(value, limit(least, scale)), limit(most, scale)));
}
