import Vide, { source } from "@rbxts/vide";

export interface WidgetContent {
  /** The time in seconds, which moves once a second while the widget is open. */
  readonly now: () => number;
  /** The keys go elsewhere from now on. */
  readonly focusReleased: RBXScriptSignal<() => void>;
}

/** A toolbar button and the dock widget that it opens and closes. `content` is shown in it for as long as it lives. */
export function createWidget(owner: Plugin, content: (given: WidgetContent) => Vide.Node): { close(): void } {
  const toolbar = owner.CreateToolbar("Puente");
  const button = toolbar.CreateButton("Puente", "Files of this machine in Studio", "");
  const widget = owner.CreateDockWidgetPluginGui(
    "Puente",
    new DockWidgetPluginGuiInfo(Enum.InitialDockState.Right, false, false, 320, 560, 260, 200),
  );
  widget.Name = "Puente";
  // Children over their parents, whatever they are under: the default compares ZIndex across the whole panel.
  widget.ZIndexBehavior = Enum.ZIndexBehavior.Sibling;
  // The types of the class lack its title.
  (widget as unknown as { Title: string }).Title = "Puente";

  const now = source(os.clock());
  const unmount = Vide.mount(() => content({ now, focusReleased: widget.WindowFocusReleased }), widget);
  const ticking = task.spawn(() => {
    while (true) {
      task.wait(1);
      if (widget.Enabled) now(os.clock());
    }
  });
  const connections = [
    button.Click.Connect(() => {
      widget.Enabled = !widget.Enabled;
    }),
    widget.GetPropertyChangedSignal("Enabled").Connect(() => button.SetActive(widget.Enabled)),
  ];

  return {
    close() {
      task.cancel(ticking);
      for (const connection of connections) connection.Disconnect();
      unmount();
      widget.Destroy();
      toolbar.Destroy();
    },
  };
}
