import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/a11y') as typeof import('../../lifecycle/steps/a11y')).a11y,
);
