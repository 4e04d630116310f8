/**
 * What becomes of every property of the user interface classes: it is drawn or laid out, it has no look, or it is not
 * drawn. By the class that adds it. The properties of a class that is not drawn at all go with it.
 */

type Names = Readonly<Record<string, readonly string[]>>;

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

function forEach(classes: readonly string[], names: readonly string[]): Names {
  return Object.fromEntries(classes.map((name) => [name, names]));
}

const LABELS = ["TextLabel", "TextButton"];
const TEXTS = [...LABELS, "TextBox"];
const IMAGES = ["ImageLabel", "ImageButton"];
const TEXT = words(`
  Font FontFace LineHeight MaxVisibleGraphemes RichText Text TextColor3 TextScaled TextSize TextStrokeColor3
  TextStrokeTransparency TextTransparency TextTruncate TextWrapped TextXAlignment TextYAlignment
`);

const DRAWN: Names = {
  ...forEach(LABELS, TEXT),
  ...forEach(IMAGES, words("ImageColor3 ImageTransparency")),
  CanvasGroup: words("GroupTransparency"),
  GuiButton: words("AutoButtonColor"),
  GuiObject: words(`
    Active AnchorPoint AutomaticSize BackgroundColor3 BackgroundTransparency BorderColor3 BorderSizePixel
    ClipsDescendants GuiState Interactable LayoutOrder Position Rotation Size SizeConstraint Visible ZIndex
  `),
  Instance: words("Name Parent"),
  LayerCollector: words("Enabled"),
  PluginGui: words("Title"),
  ScrollingFrame: words(`
    AutomaticCanvasSize CanvasPosition CanvasSize HorizontalScrollBarInset ScrollBarImageColor3
    ScrollBarImageTransparency ScrollBarThickness ScrollingDirection ScrollingEnabled VerticalScrollBarInset
    VerticalScrollBarPosition
  `),
  TextBox: [
    ...TEXT,
    ...words("CursorPosition MultiLine PlaceholderColor3 PlaceholderText SelectionStart TextEditable"),
  ],
  UIAspectRatioConstraint: words("AspectRatio AspectType DominantAxis"),
  UICorner: words("CornerRadius"),
  UIFlexItem: words("FlexMode GrowRatio ItemLineAlignment ShrinkRatio"),
  UIGridLayout: words("CellPadding CellSize FillDirectionMaxCells StartCorner"),
  UIGridStyleLayout: words("FillDirection HorizontalAlignment SortOrder VerticalAlignment"),
  UIListLayout: words("HorizontalFlex ItemLineAlignment Padding VerticalFlex Wraps"),
  UIPadding: words("PaddingBottom PaddingLeft PaddingRight PaddingTop"),
  UIScale: words("Scale"),
  UISizeConstraint: words("MaxSize MinSize"),
  UIStroke: words("ApplyStrokeMode Color Enabled Thickness Transparency"),
  UITextSizeConstraint: words("MaxTextSize MinTextSize"),
};

/** Behaviour, what is only read, and what is for gamepads or translations. */
const WITHOUT_LOOK: Names = {
  ...forEach(LABELS, words("ContentText TextBounds TextFits")),
  ...forEach(IMAGES, words("ContentImageSize IsLoaded")),
  DockWidgetPluginGui: words("HostWidgetWasRestored"),
  GuiBase2d: words("AbsolutePosition AbsoluteRotation AbsoluteSize AutoLocalize"),
  GuiButton: words("Modal Selected"),
  GuiObject: words("NextSelectionDown NextSelectionLeft NextSelectionRight NextSelectionUp Selectable SelectionOrder"),
  Instance: words("Archivable"),
  LayerCollector: words("ResetOnSpawn"),
  Object: words("ClassName"),
  ScrollingFrame: words("AbsoluteCanvasSize AbsoluteWindowSize"),
  TextBox: words("ClearTextOnFocus ContentText ShowNativeInput TextBounds TextFits"),
  UIGridStyleLayout: words("AbsoluteContentSize"),
};

const each = (classes: readonly string[], properties: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    classes.flatMap((name) =>
      Object.entries(properties).map(([property, instead]) => [`${name}.${property}`, instead]),
    ),
  );

const NO_IMAGE = "images are not loaded";

/** As `Class.Property`, what is drawn instead. */
const UNDRAWN: Readonly<Record<string, string>> = {
  "CanvasGroup.GroupColor3": "the group keeps its colours",
  "Frame.Style": "it is drawn as Custom",
  "GuiButton.Style": "it is drawn as Custom",
  "GuiObject.BorderMode": "Middle is drawn as Outline",
  "GuiObject.SelectionImageObject": "nothing is selected by a gamepad",
  ...each(IMAGES, {
    Image: "a square in ImageColor3 stands for it",
    ImageRectOffset: NO_IMAGE,
    ImageRectSize: NO_IMAGE,
    ResampleMode: NO_IMAGE,
    ScaleType: NO_IMAGE,
    SliceCenter: NO_IMAGE,
    SliceScale: NO_IMAGE,
    TileSize: NO_IMAGE,
  }),
  ...each(["ImageButton"], { HoverImage: NO_IMAGE, PressedImage: NO_IMAGE }),
  "LayerCollector.ZIndexBehavior": "Global is drawn as Sibling",
  ...each(["ScrollingFrame"], {
    ElasticBehavior: "the canvas stops at its end",
    BottomImage: "scroll bars are plain",
    MidImage: "scroll bars are plain",
    TopImage: "scroll bars are plain",
  }),
  ...each(TEXTS, {
    OpenTypeFeatures: "letters have their usual shapes",
    TextDirection: "the script decides the direction",
  }),
  "UIStroke.LineJoinMode": "corners are as round as the object's",
};

/** Values that are drawn although the property as a whole is not. */
const DRAWN_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  "GuiObject.BorderMode": ["Outline", "Inset"],
  "ScrollingFrame.ElasticBehavior": ["Never"],
};

/** Classes that have no picture here; what is inside them is drawn, where it can be. */
const UNDRAWN_CLASSES: Readonly<Record<string, string>> = {
  BillboardGui: "only dock widgets are drawn",
  ScreenGui: "only dock widgets are drawn",
  SurfaceGui: "only dock widgets are drawn",
  UIGradient: "colours stay plain",
  UIPageLayout: "its pages are left where they are",
  UITableLayout: "its rows are left where they are",
  VideoFrame: "an empty frame is drawn",
  ViewportFrame: "an empty frame is drawn",
};

const FONT = "letters of another font stand for its own";

export const looks = {
  drawn: DRAWN,
  withoutLook: WITHOUT_LOOK,
  undrawn: UNDRAWN,
  undrawnClasses: UNDRAWN_CLASSES,
  drawnValues: DRAWN_VALUES,
  font: FONT,
};
