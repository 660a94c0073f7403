import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/bump') as typeof import('../../lifecycle/steps/bump')).bump,
);
