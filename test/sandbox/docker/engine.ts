/** Whether this machine has an engine and the image; tests that need them say why they are skipped. */
import { createDockerSandbox } from "../../../sandbox/docker/index.ts";

/** `false`, or the reason. The image's name comes from `DIKAST_DOCKER_IMAGE`. */
export async function reasonToSkip(): Promise<string | false> {
  try {
    await (await createDockerSandbox()).close();
    return false;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
