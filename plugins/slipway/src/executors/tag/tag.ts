import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/tag') as typeof import('../../lifecycle/steps/tag')).tag,
);
