import ts from 'typescript'
import type { Printer } from './printer.ts'

/** Describes an export: its kind and its public members. */
export function describeExport(exported: ts.Symbol, printer: Printer): string {
  const { checker } = printer
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
  const { name } = exported
  const parts: string[] = []
  for (const declaration of symbol.declarations ?? []) {
    if (ts.isClassDeclaration(declaration)) {
      const type = checker.getTypeOfSymbol(symbol)
      const statics = checker
        .getPropertiesOfType(type)
        .filter(printer.isOurs)
        .filter(({ name }) => name !== 'prototype')
      const members = [
        ...type.getConstructSignatures().map((signature) => `new ${printer.signature(signature)}`),
        ...membersOf(statics, printer).map((member) => `static ${member}`),
        ...membersOf(ownMembers(symbol), printer),
      ]
      parts.push(`class ${name}${headOf(declaration, printer)} ${block(members)}`)
    } else if (ts.isInterfaceDeclaration(declaration)) {
      const type = checker.getDeclaredTypeOfSymbol(symbol)
      const members = [
        ...type.getCallSignatures().map((signature) => printer.signature(signature)),
        ...checker.getIndexInfosOfType(type).map(({ keyType, type }) => {
          return `[key: ${printer.type(keyType)}]: ${printer.type(type)}`
        }),
        ...membersOf(checker.getPropertiesOfType(type).filter(printer.isOurs), printer),
      ]
      parts.push(`interface ${name}${headOf(declaration, printer)} ${block(members)}`)
    } else if (ts.isTypeAliasDeclaration(declaration)) {
      const parameters = typeParameters(declaration, printer)
      // A type with parameters has no resolved form, so this prints its source.
      const text =
        parameters === ''
          ? printer.aliased(checker.getDeclaredTypeOfSymbol(symbol))
          : printer.node(declaration.type)
      parts.push(`type ${name}${parameters} =${broken(text)}`)
    } else if (ts.isFunctionDeclaration(declaration)) {
      const signature = checker.getSignatureFromDeclaration(declaration)
      if (signature) parts.push(`function ${name}${printer.signature(signature)}`)
    } else if (ts.isVariableDeclaration(declaration)) {
      parts.push(`const ${name}: ${printer.type(checker.getTypeOfSymbol(symbol))}`)
    } else {
      throw new Error(
        `Expected ${name} to be a class, interface, type, function or variable, got ${ts.SyntaxKind[declaration.kind]}.`,
      )
    }
  }
  return parts.join('\n')
}

function ownMembers(symbol: ts.Symbol): ts.Symbol[] {
  const own = [...(symbol.members?.values() ?? [])]
  return own.filter(({ flags, valueDeclaration }) => {
    const name = valueDeclaration && ts.getNameOfDeclaration(valueDeclaration)
    return flags & ts.SymbolFlags.ClassMember && !(name && ts.isPrivateIdentifier(name))
  })
}

/** Members sorted by name, inherited ones included. */
function membersOf(symbols: readonly ts.Symbol[], printer: Printer): string[] {
  return [...symbols]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((symbol) => memberOf(symbol, printer))
}

function memberOf(symbol: ts.Symbol, { checker, node, signature, type }: Printer): string[] {
  const [declaration] = symbol.declarations ?? []
  const name = declaration && ts.getNameOfDeclaration(declaration)
  const optional = symbol.flags & ts.SymbolFlags.Optional ? '?' : ''
  const head = `${name ? node(name) : symbol.name}${optional}`
  const typeOfSymbol = checker.getTypeOfSymbol(symbol)
  if (symbol.flags & ts.SymbolFlags.Method) {
    const signatures = checker.getNonNullableType(typeOfSymbol).getCallSignatures()
    return signatures.map((call) => `${head}${signature(call)}`)
  }
  const flags = declaration ? ts.getCombinedModifierFlags(declaration) : ts.ModifierFlags.None
  if (flags & ts.ModifierFlags.Private) return []
  const readonly = flags & ts.ModifierFlags.Readonly ? 'readonly ' : ''
  const read = optional ? checker.getNonNullableType(typeOfSymbol) : typeOfSymbol
  return [`${readonly}${head}: ${type(read)}`]
}

/** Type parameters and the names of base types. Members of the bases are listed with the own members. */
function headOf(declaration: ts.ClassDeclaration | ts.InterfaceDeclaration, printer: Printer): string {
  const bases = (declaration.heritageClauses ?? []).map(({ token, types }) => {
    return ` ${ts.tokenToString(token)} ${types.map(({ expression }) => printer.node(expression)).join(', ')}`
  })
  return `${typeParameters(declaration, printer)}${bases.join('')}`
}

function typeParameters(
  declaration: ts.ClassDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration,
  printer: Printer,
): string {
  const list = (declaration.typeParameters ?? []).map(printer.node)
  return list.length === 0 ? '' : `<${list.join(', ')}>`
}

function block(members: readonly string[]): string {
  if (members.length === 0) return '{}'
  return `{\n${members.map((member) => `  ${member.replaceAll('\n', '\n  ')}`).join('\n')}\n}`
}

/** Puts each member of a long union on its own line. */
function broken(text: string): string {
  const members = text.split(' | ')
  if (text.length < 100 || text.includes('{') || members.some((member) => !/^['"]/.test(member)))
    return ` ${text}`
  return members.map((member) => `\n  | ${member}`).join('')
}
