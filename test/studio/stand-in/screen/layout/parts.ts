import type { GuiClass, GuiNode, UDim, Vector2 } from "../node.ts";

/** What a class is to layout. */
type Role =
  | "object"
  | "layer"
  | "list"
  | "grid"
  | "padding"
  | "scale"
  | "size"
  | "aspect"
  | "textSize"
  | "flex"
  | "other";

/** What is inside a node, sorted by what it is to layout. */
export interface Parts {
  readonly isText: boolean;
  readonly isScrolling: boolean;
  /** GuiObjects among the children, and those inside of what is no GuiBase2d (a Folder is transparent). */
  readonly objects: readonly GuiNode[];
  readonly list: GuiNode | undefined;
  readonly grid: GuiNode | undefined;
  readonly padding: GuiNode | undefined;
  /** UIScale.Scale. */
  readonly scale: number;
  readonly size: { readonly least: Vector2; readonly most: Vector2 } | undefined;
  readonly aspect: { readonly ratio: number; readonly isOfParent: boolean; readonly byWidth: boolean } | undefined;
  readonly textSize: { readonly least: number; readonly most: number } | undefined;
  readonly flex: GuiNode | undefined;
}

const ROLES: readonly (readonly [className: string, role: Role])[] = [
  ["GuiObject", "object"],
  ["GuiBase2d", "layer"],
  ["UIListLayout", "list"],
  ["UIGridLayout", "grid"],
  ["UIPadding", "padding"],
  ["UIScale", "scale"],
  ["UISizeConstraint", "size"],
  ["UIAspectRatioConstraint", "aspect"],
  ["UITextSizeConstraint", "textSize"],
  ["UIFlexItem", "flex"],
];
const roles = new WeakMap<GuiClass, Role>();

export function roleOf({ class: kind }: GuiNode): Role {
  let role = roles.get(kind);
  if (role === undefined) {
    role = ROLES.find(([name]) => kind.ancestors.has(name))?.[1] ?? "other";
    roles.set(kind, role);
  }
  return role;
}

/** The first of each kind counts. */
export function partsOf(node: GuiNode): Parts {
  const found: Partial<Record<Role, GuiNode>> = {};
  const objects: GuiNode[] = [];
  for (const child of node.children) {
    const role = roleOf(child);
    if (role === "object") objects.push(child);
    else if (role === "other") gather(child, objects);
    else found[role] ??= child;
  }
  const { size, aspect, textSize } = found;
  const props = node.props;
  return {
    isText: props["TextSize"] !== undefined,
    isScrolling: props["CanvasSize"] !== undefined,
    objects,
    list: found.list,
    grid: found.grid,
    padding: found.padding,
    scale: found.scale === undefined ? 1 : Math.max(0, found.scale.props["Scale"] as number),
    size: size && { least: size.props["MinSize"] as Vector2, most: size.props["MaxSize"] as Vector2 },
    aspect: aspect && {
      ratio: aspect.props["AspectRatio"] as number,
      isOfParent: aspect.props["AspectType"] === "ScaleWithParentSize",
      byWidth: aspect.props["DominantAxis"] !== "Height",
    },
    textSize: textSize && {
      least: textSize.props["MinTextSize"] as number,
      most: textSize.props["MaxTextSize"] as number,
    },
    flex: found.flex,
  };
}

function gather(node: GuiNode, into: GuiNode[]): void {
  for (const child of node.children) {
    const role = roleOf(child);
    if (role === "object") into.push(child);
    else if (role === "other") gather(child, into);
  }
}

/** Padding in pixels: what is left free at each side of an object of this size. */
export interface Insets {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const NO_INSETS: Insets = { left: 0, top: 0, right: 0, bottom: 0 };

export function insetsOf({ padding }: Parts, width: number, height: number, scale: number): Insets {
  if (padding === undefined) return NO_INSETS;
  const { PaddingLeft, PaddingTop, PaddingRight, PaddingBottom } = padding.props;
  return {
    left: pixelsOf(PaddingLeft as UDim, width, scale),
    top: pixelsOf(PaddingTop as UDim, height, scale),
    right: pixelsOf(PaddingRight as UDim, width, scale),
    bottom: pixelsOf(PaddingBottom as UDim, height, scale),
  };
}

function pixelsOf(udim: UDim, room: number, scale: number): number {
  return udim.scale * room + udim.offset * scale;
}
