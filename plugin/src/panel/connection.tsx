import Vide, { Show, source } from "@rbxts/vide";
import type { Session, SessionState } from "../session.js";
import type { LinkState } from "../wire/link.js";
import { adviceFor } from "../wire/problem.js";
import { Button } from "./button.js";
import { Column } from "./column.js";
import { Diagnosis } from "./diagnosis.js";
import { Field } from "./field.js";
import { Label } from "./label.js";
import type { Tone } from "./palette.js";
import { Section } from "./section.js";
import { Status } from "./status.js";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface ConnectionProps {
  readonly ui: Ui;
  readonly order: number;
  readonly state: () => SessionState;
  /** Seconds on the session's clock. */
  readonly now: () => number;
  readonly session: Session;
  /** What carries the calls, while there is a connection. */
  readonly link: () => LinkState;
  readonly diagnose: () => string;
}

const STAGES = {
  connecting: "Connecting…",
  unpaired: "Not paired",
  pairing: "Pairing",
  online: "Connected",
} as const;

const TONES = {
  connecting: "dim",
  unpaired: "warning",
  pairing: "info",
  online: "good",
  away: "error",
} as const satisfies { readonly [stage in SessionState["stage"]]: Tone };

/** What the words of the status leave to the button beside them. */
const TRY_WIDTH = 88;

function headline(state: SessionState): string {
  return state.stage === "away" ? `Away, attempt ${state.attempt}` : STAGES[state.stage];
}

function nextTry(state: SessionState, now: number): string {
  if (state.stage !== "away") return "";
  if (state.nextTryAt === undefined || state.nextTryAt <= now) return "Trying now";
  return `Next try in ${math.ceil(state.nextTryAt - now)} s`;
}

/** How calls go: one line, so that what is below it stays where it is from one to the other. */
function way({ stage, cause }: LinkState): string {
  if (stage === "up") return "Over the link";
  if (stage === "resuming") return "The link is being resumed";
  return cause === undefined ? "By requests, until the link is there" : `By requests. ${cause.detail}`;
}

export function Connection({ ui, order, state, now, session, link, diagnose }: ConnectionProps) {
  const diagnosis = source<string | undefined>(undefined);
  const wrong = source("");
  const isAway = () => state().stage === "away";
  return (
    <Section
      ui={ui}
      order={order}
      title="Connection"
      action={<Button ui={ui} order={1} rank="quiet" text="Copy diagnosis" onClick={() => diagnosis(diagnose())} />}
    >
      <frame Name="Headline" LayoutOrder={1} BackgroundTransparency={1} Size={new UDim2(1, 0, 0, SIZE.control)}>
        <uilistlayout
          FillDirection={Enum.FillDirection.Horizontal}
          VerticalAlignment={Enum.VerticalAlignment.Center}
          SortOrder={Enum.SortOrder.LayoutOrder}
        />
        <frame
          Name="Stage"
          LayoutOrder={1}
          BackgroundTransparency={1}
          Size={() => new UDim2(1, isAway() ? -TRY_WIDTH : 0, 0, SIZE.row)}
        >
          <Status ui={ui} order={1} on="panel" text={() => headline(state())} tone={() => TONES[state().stage]} />
        </frame>
        <frame
          Name="Try"
          LayoutOrder={2}
          BackgroundTransparency={1}
          Size={() => UDim2.fromOffset(isAway() ? TRY_WIDTH : 0, SIZE.control)}
        >
          <uilistlayout HorizontalAlignment={Enum.HorizontalAlignment.Right} />
          <Show when={isAway}>
            {() => <Button ui={ui} order={1} text="Try now" onClick={() => session.tryNow()} />}
          </Show>
        </frame>
      </frame>
      <Label
        ui={ui}
        order={2}
        tone="dim"
        text={() => (state().stage === "online" ? way(link()) : nextTry(state(), now()))}
      />
      <Label ui={ui} order={3} tone="warning" text={() => state().cause?.detail ?? ""} />
      <Label
        ui={ui}
        order={4}
        text={() => {
          const { cause } = state();
          return cause === undefined ? "" : adviceFor(cause);
        }}
      />
      <Label ui={ui} order={5} tone="dim" text={() => state().back ?? ""} />
      <Column name="AddressPlace" order={6} gap={SIZE.tight}>
        <Label ui={ui} order={1} tone="dim" size={SIZE.small} text="Address" />
        <Field
          ui={ui}
          name="Address"
          order={2}
          text={() => state().address}
          onLeave={(typed) => {
            const [text] = typed.gsub(" +", "");
            if (text === state().address) return;
            wrong(session.moveTo(text) ? "" : "An address looks like http://127.0.0.1:27183");
          }}
        />
        <Label ui={ui} order={3} tone="warning" text={wrong} />
      </Column>
      <Diagnosis ui={ui} order={7} text={diagnosis} onDone={() => diagnosis(undefined)} />
    </Section>
  );
}
