/** Which app configs tell the app registration that a command is about. Knows no editor. */
import type { AppConfig } from '../../appConfig/types.ts';

/** What was asked for. */
export interface AskedConfig {
  /** A file was named: then what it leaves open may still be its. */
  readonly config?: string;
  /** Client id. */
  readonly application?: string;
}

export interface FittingConfigs {
  /** Configs with a client id, each registration once; of the application, where one was asked for. */
  readonly fitting: readonly AppConfig[];
  /** The one config of the named file, whose client id is not known: a placeholder, or known only when the app runs. */
  readonly open?: AppConfig;
}

export function fittingConfigs(configs: readonly AppConfig[], asked: AskedConfig): FittingConfigs {
  const named = asked.application?.toLowerCase();
  const fitting = different(configs).filter(
    (config) => clientIdOf(config) !== undefined && (named === undefined || clientIdOf(config) === named),
  );
  const [open, another] =
    asked.config === undefined ? [] : different(configs.filter((one) => clientIdOf(one) === undefined));
  return {
    fitting,
    ...(fitting.length === 0 && open !== undefined && another === undefined ? { open } : {}),
  };
}

/** Lower-case; undefined for what is no client id, such as a sample's placeholder. */
function clientIdOf({ clientId }: AppConfig): string | undefined {
  const value = clientId?.value?.toLowerCase();
  return value !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? value : undefined;
}

function different(configs: readonly AppConfig[]): AppConfig[] {
  const seen = new Set<string>();
  return configs.filter(({ clientId, authority }) => {
    const key = `${clientId?.value ?? ''} ${authority?.value ?? ''}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
