import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/plan') as typeof import('../../lifecycle/steps/plan')).plan,
);
