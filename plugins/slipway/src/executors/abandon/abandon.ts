import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/abandon') as typeof import('../../lifecycle/steps/abandon')).abandon,
);
