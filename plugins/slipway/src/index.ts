export { createNodes, createNodesV2, type SlipwayPluginOptions } from './plugin/create-nodes';
export {
  editManifest,
  fromPep440,
  ManifestError,
  nextVersion,
  parseCommit,
  toPep440,
  VersionError,
  type ConventionalCommit,
  type ManifestEdit,
  type NextVersionOptions,
  type ReleaseType,
} from './public-api';
