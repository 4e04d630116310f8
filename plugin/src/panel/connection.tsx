import Vide, { Show, source } from "@rbxts/vide";
import type { Session, SessionState } from "../session.js";
import { adviceFor } from "../wire/problem.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { Diagnosis } from "./diagnosis.js";
import { Field } from "./field.js";
import { Label } from "./label.js";
import { Section } from "./section.js";
import type { Theme } from "./theme.js";

interface ConnectionProps {
  readonly theme: Theme;
  readonly order: number;
  readonly state: () => SessionState;
  /** Seconds on the session's clock. */
  readonly now: () => number;
  /** What went wrong outside the connection. */
  readonly notice: () => string;
  readonly session: Session;
  readonly diagnose: () => string;
}

const STAGES = {
  connecting: "Connecting…",
  unpaired: "Not paired",
  pairing: "Pairing",
  online: "Connected",
} as const;

function headline(state: SessionState): string {
  return state.stage === "away" ? `Away, attempt ${state.attempt}` : STAGES[state.stage];
}

function nextTry(state: SessionState, now: number): string {
  if (state.stage !== "away") return "";
  if (state.nextTryAt === undefined || state.nextTryAt <= now) return "Trying now";
  return `Next try in ${math.ceil(state.nextTryAt - now)} s`;
}

export function Connection({ theme, order, state, now, notice, session, diagnose }: ConnectionProps) {
  const diagnosis = source<string | undefined>(undefined);
  const wrong = source("");
  return (
    <Section theme={theme} order={order} title="Connection">
      <Label theme={theme} order={1} text={() => headline(state())} />
      <Label theme={theme} order={2} tone="warning" text={() => state().cause?.detail ?? ""} />
      <Label
        theme={theme}
        order={3}
        text={() => {
          const { cause } = state();
          return cause === undefined ? "" : adviceFor(cause);
        }}
      />
      <Label theme={theme} order={4} tone="dim" text={() => nextTry(state(), now())} />
      <Label theme={theme} order={5} tone="dim" text={() => state().back ?? ""} />
      <Label theme={theme} order={6} tone="warning" text={notice} />
      <Field
        theme={theme}
        name="Address"
        order={7}
        text={() => state().address}
        onEnter={(text) => {
          if (text === state().address) return;
          wrong(session.moveTo(text) ? "" : "An address looks like http://127.0.0.1:27183");
        }}
      />
      <Label theme={theme} order={8} tone="warning" text={wrong} />
      <Bar order={9}>
        <Show when={() => state().stage === "away"}>
          {() => <Button theme={theme} order={1} text="Try now" onClick={() => session.tryNow()} />}
        </Show>
        <Button theme={theme} order={2} text="Copy diagnosis" onClick={() => diagnosis(diagnose())} />
      </Bar>
      <Diagnosis theme={theme} order={10} text={diagnosis} onDone={() => diagnosis(undefined)} />
    </Section>
  );
}
