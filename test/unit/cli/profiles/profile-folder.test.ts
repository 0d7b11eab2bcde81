import { describe, expect, it } from 'vitest'
import { profileFolder } from '../../../../src/cli/profiles/profile-folder.ts'

describe('profileFolder', () => {
  it.each([
    ['linux', { HOME: '/home/ada' }, '/home/ada/.config/typehog'],
    ['darwin', { HOME: '/Users/ada' }, '/Users/ada/.config/typehog'],
    ['linux', { HOME: '/home/ada', XDG_CONFIG_HOME: '/etc/ada' }, '/etc/ada/typehog'],
    ['linux', { HOME: '/home/ada', XDG_CONFIG_HOME: 'conf' }, '/home/ada/.config/typehog'],
    ['linux', { HOME: 'ada' }, undefined],
    ['linux', {}, undefined],
    ['win32', { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' }, 'C:\\Users\\ada\\AppData\\Roaming\\typehog'],
    ['win32', { USERPROFILE: 'C:\\Users\\ada' }, 'C:\\Users\\ada\\AppData\\Roaming\\typehog'],
    ['win32', { APPDATA: 'AppData' }, undefined],
  ] as const)('is on %s with %j: %s', (os, env, expected) => {
    expect(profileFolder(env, os)).toBe(expected)
  })
})
