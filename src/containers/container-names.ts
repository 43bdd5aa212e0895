/** Containers that are written, by FFmpeg's usual file name extensions. */
export const containerNames = ['mp4', 'mov', 'mkv', 'webm'] as const;
export type ContainerName = (typeof containerNames)[number];

export function isContainerName(name: string): name is ContainerName {
  return (containerNames as readonly string[]).includes(name);
}
