/** The path of all flags. */
export const all = '/api/projects/{project_id}/feature_flags/'
/** The path of one flag. */
export const one = '/api/projects/{project_id}/feature_flags/{id}/'
