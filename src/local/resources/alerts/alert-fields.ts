import { boolean, choice, datetime, type Fields, integer, list, object, text } from '../../store/fields.ts'

/** What the author of an alert sets. */
export const ALERT_FIELDS: Fields = {
  insight: integer({ required: true }),
  name: text({ blank: true, default: '', maxLength: 255 }),
  subscribed_users: list({ required: true }),
  threshold: object({ required: true, nullable: true }),
  condition: object({ nullable: true }),
  config: object({ nullable: true }),
  detector_config: object({ nullable: true }),
  enabled: boolean({ default: true }),
  calculation_interval: choice(['hourly', 'daily', 'weekly', 'monthly'], { default: 'daily' }),
  snoozed_until: datetime({ nullable: true }),
  skip_weekend: boolean({ nullable: true }),
  schedule_restriction: object({ nullable: true }),
  investigation_agent_enabled: boolean({ default: false }),
  investigation_gates_notifications: boolean({ default: false }),
  investigation_inconclusive_action: choice(['notify', 'suppress'], { default: 'notify' }),
}
