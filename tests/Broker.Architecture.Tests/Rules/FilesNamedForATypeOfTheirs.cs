namespace Broker.Architecture.Tests.Rules;

/// <summary>A file's name is one of its types, so that the list of files tells what is there. SessionActor.Log.cs is a part of SessionActor.</summary>
internal sealed class FilesNamedForATypeOfTheirs : IRule
{
    private static readonly string[] NamedForTheirPurpose = ["Program", "GlobalUsings", "AssemblyInfo"];

    public string Name => "a file's name is one of its types";

    public IEnumerable<string> Violations(SourceTree tree) =>
        from file in tree.Code
        let name = Path.GetFileName(file.Path).Split('.', '{')[0]
        let types = Declarations.Types(file).ToArray()
        where !types.Contains(name) && !(types.Length == 0 && NamedForTheirPurpose.Contains(name))
        select $"{file.Path}: declares {(types.Length == 0 ? "no type" : string.Join(", ", types))}, not {name}";
}
