import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/image') as typeof import('../../lifecycle/steps/image')).image,
);
