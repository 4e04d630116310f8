/** Of the colours of something that can be clicked, those that go with what the pointer does to it. */
export function pointed<T>(
  pointer: Enum.GuiState,
  { idle, hover, press }: { readonly idle: T; readonly hover: T; readonly press: T },
): T {
  if (pointer === Enum.GuiState.Press) return press;
  return pointer === Enum.GuiState.Hover ? hover : idle;
}
