/** The Docker engine: found, asked for its image, cleaned of what an earlier process left. */
import type Docker from "dockerode";
import type { Language } from "../../src/model/language.ts";
import { SandboxError } from "../sandbox.ts";
import { LABEL } from "./container.ts";
import { isNativeLanguage } from "./languages.ts";

export interface Image {
  readonly id: string;
  readonly languages: readonly Language[];
}

const WAY_OUT = "use --sandbox wasm, which needs no engine";

/**
 * Honours `DOCKER_HOST`, so that rootless Docker and Podman's socket work.
 * @throws SandboxError `DIKAST_SANDBOX_NO_ENGINE` when none answers.
 */
export async function connectEngine(): Promise<Docker> {
  try {
    // Large, and most processes never need it.
    const { default: Engine } = await import("dockerode");
    const docker = new Engine();
    await docker.ping();
    return docker;
  } catch (cause) {
    const where = process.env["DOCKER_HOST"] ?? "/var/run/docker.sock";
    throw new SandboxError(
      "DIKAST_SANDBOX_NO_ENGINE",
      `no Docker engine answers at ${where}: start one, or set DOCKER_HOST, or ${WAY_OUT}`,
      { cause },
    );
  }
}

/** @throws SandboxError `DIKAST_SANDBOX_NO_IMAGE` with the command that makes it. */
export async function findImage(docker: Docker, name: string): Promise<Image> {
  try {
    const { Id, Config } = await docker.getImage(name).inspect();
    const labelled = (Config.Labels?.["dikast.languages"] ?? "").split(",").map((each) => each.trim());
    return { id: Id, languages: labelled.filter(isNativeLanguage) };
  } catch (cause) {
    if ((cause as { statusCode?: number }).statusCode !== 404) throw cause;
    throw new SandboxError(
      "DIKAST_SANDBOX_NO_IMAGE",
      `the engine has no image ${name}: make it with "docker build -t ${name} ${import.meta.dirname}", or ${WAY_OUT}`,
      { cause },
    );
  }
}

/** Containers of processes that are no more. (They end with their judge's connection; this is for an engine that missed it.) */
export async function reapOrphans(docker: Docker): Promise<void> {
  const found = await docker.listContainers({ all: true, filters: { label: [LABEL] } });
  const orphans = found.filter(({ Labels }) => !isAlive(Number(Labels[LABEL])));
  await Promise.all(
    orphans.map(({ Id }) =>
      docker
        .getContainer(Id)
        .remove({ force: true, v: true })
        .catch(() => undefined),
    ),
  );
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
