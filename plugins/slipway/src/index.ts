export { createNodes, createNodesV2, type SlipwayPluginOptions } from './plugin/create-nodes';
