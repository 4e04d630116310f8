import Vide, { Show } from "@rbxts/vide";
import { command } from "../command.js";
import type { Session, SessionState } from "../session.js";
import { Button } from "./button.js";
import { Column } from "./column.js";
import { Field } from "./field.js";
import { Label } from "./label.js";
import { Section } from "./section.js";
import { MONO, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface PairingProps {
  readonly ui: Ui;
  readonly order: number;
  readonly state: () => SessionState;
  readonly now: () => number;
  readonly session: Session;
}

function timeLeft(state: SessionState, now: number): string {
  return `${math.max(0, math.ceil((state.codeEndsAt ?? now) - now))} s left`;
}

function Code({ ui, order, state, now }: PairingProps) {
  return (
    <Column name="CodePlace" order={order}>
      <textlabel
        Name="Code"
        LayoutOrder={1}
        BackgroundTransparency={1}
        Size={new UDim2(1, 0, 0, SIZE.code)}
        Text={() => state().code ?? ""}
        TextColor3={() => ui.theme.palette().panel.plain}
        TextSize={SIZE.code}
        Font={MONO}
      />
      <Label ui={ui} order={2} text="Check that your terminal shows this code, then run there:" />
      <Field
        ui={ui}
        name="Command"
        order={3}
        text={() => (state().code === undefined ? "" : command(`pair approve ${state().code}`))}
      />
      <Label ui={ui} order={4} tone="dim" text={() => timeLeft(state(), now())} />
    </Column>
  );
}

function Waiting(props: PairingProps) {
  const { ui, order, state, session } = props;
  return (
    <Column name="Waiting" order={order}>
      <Show
        when={() => state().code !== undefined}
        fallback={() => <Label ui={ui} order={1} text="Asking for a code…" />}
      >
        {() => <Code {...props} order={1} />}
      </Show>
      <Button ui={ui} order={2} text="Cancel" onClick={() => session.cancelPairing()} />
    </Column>
  );
}

/** What the section shows: nothing while a token is at hand that may still be good. */
function phase(state: SessionState): "offer" | "waiting" | "none" {
  if (state.stage === "pairing") return "waiting";
  const unknown = state.stage === "away" && state.cause?.code === "wrong-daemon";
  return state.stage === "unpaired" || unknown ? "offer" : "none";
}

export function Pairing(props: PairingProps) {
  const { ui, order, state, session } = props;
  const now = Vide.derive(() => phase(state()));
  return (
    <Show when={() => now() !== "none"}>
      {() => (
        <Section ui={ui} order={order} title="Pairing">
          <Show when={() => now() === "offer"}>
            {() => (
              <Column name="Offer" order={1}>
                <Label ui={ui} order={1} text="Pair once to read and write the folders that the daemon serves." />
                <Button
                  ui={ui}
                  order={2}
                  rank="primary"
                  text={() => (state().cause === undefined ? "Pair with this machine" : "Pair again")}
                  onClick={() => session.pair()}
                />
              </Column>
            )}
          </Show>
          <Show when={() => now() === "waiting"}>{() => <Waiting {...props} order={2} />}</Show>
        </Section>
      )}
    </Show>
  );
}
