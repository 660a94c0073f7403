import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/bypass') as typeof import('../../lifecycle/steps/bypass')).bypass,
);
