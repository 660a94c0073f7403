import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/approve') as typeof import('../../lifecycle/steps/approve')).approve,
);
