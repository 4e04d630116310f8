import Vide, { Show } from "@rbxts/vide";
import { command } from "../command.js";
import type { Session, SessionState } from "../session.js";
import { Button } from "./button.js";
import { Column } from "./column.js";
import { Field } from "./field.js";
import { Label } from "./label.js";
import { Section } from "./section.js";
import { MONO, SIZE, type Theme } from "./theme.js";

interface PairingProps {
  readonly theme: Theme;
  readonly order: number;
  readonly state: () => SessionState;
  readonly now: () => number;
  readonly session: Session;
}

function timeLeft(state: SessionState, now: number): string {
  const seconds = math.max(0, math.ceil((state.codeEndsAt ?? now) - now));
  return state.codeEndsAt === undefined ? "" : `${seconds} s left`;
}

function Waiting({ theme, order, state, now, session }: PairingProps) {
  return (
    <Column name="Waiting" order={order}>
      <textlabel
        Name="Code"
        LayoutOrder={1}
        BackgroundTransparency={1}
        Size={new UDim2(1, 0, 0, SIZE.code)}
        Text={() => state().code ?? "…"}
        TextColor3={theme.text}
        TextSize={SIZE.code}
        Font={MONO}
        TextTruncate={Enum.TextTruncate.AtEnd}
      />
      <Label theme={theme} order={2} text="Check that your terminal shows this code, then run there:" />
      <Field
        theme={theme}
        name="Command"
        order={3}
        text={() => (state().code === undefined ? "" : command(`pair approve ${state().code}`))}
      />
      <Label theme={theme} order={4} tone="dim" text={() => timeLeft(state(), now())} />
      <Button theme={theme} order={5} text="Cancel" onClick={() => session.cancelPairing()} />
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
  const { theme, order, state, session } = props;
  const now = Vide.derive(() => phase(state()));
  return (
    <Column name="PairingPlace" order={order}>
      <Show when={() => now() !== "none"}>
        {() => (
          <Section theme={theme} order={1} title="Pairing">
            <Show when={() => now() === "offer"}>
              {() => (
                <Button
                  theme={theme}
                  order={1}
                  text={() => (state().cause === undefined ? "Pair with this machine" : "Pair again")}
                  onClick={() => session.pair()}
                />
              )}
            </Show>
            <Show when={() => now() === "waiting"}>{() => <Waiting {...props} order={2} />}</Show>
          </Section>
        )}
      </Show>
    </Column>
  );
}
