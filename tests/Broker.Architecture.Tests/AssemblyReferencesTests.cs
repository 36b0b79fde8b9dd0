
namespace Broker.Architecture.Tests;

public sealed class AssemblyReferencesTests
{
    [Theory]
    [InlineData("Microsoft.AspNetCore.Http.Abstractions", "Broker.Actors.dll: Broker.Actors may not reference Microsoft.AspNetCore.Http.Abstractions")]
    [InlineData("Npgsql", "Broker.Actors.dll: Broker.Actors may not reference Npgsql")]
    [InlineData("broker", "Broker.Actors.dll: Broker.Actors may not reference Broker.Node")]
    [InlineData("Broker.Transport", "Broker.Actors.dll: Broker.Actors may not reference Broker.Transport")]
    public void Violations_WhenAnAssemblyKnowsTooMuch_NameIt(string reference, string objection)
    {
        using var tree = BadTree.Orderly();
        Compile(tree, "Broker.Messages", "System.Runtime");
        Compile(tree, "Broker.Actors", reference);
        Compile(tree, "broker", "Microsoft.AspNetCore.Http.Abstractions");

        AssemblyReferences.Violations(tree.Tree.SourceProjects, tree.Root)
            .ShouldHaveSingleItem().ShouldStartWith(objection);
    }

    [Fact]
    public void Violations_WhenAnAssemblyIsMissing_NameIt()
    {
        using var tree = BadTree.Orderly();
        Compile(tree, "Broker.Messages", "System.Runtime");
        Compile(tree, "broker", "Broker.Actors");

        AssemblyReferences.Violations(tree.Tree.SourceProjects, tree.Root)
            .ShouldBe(["Broker.Actors: Broker.Actors.dll is not among the built"]);
    }

    /// <summary>Writes an assembly with one type, whose base type lies in <paramref name="reference"/>.</summary>
    private static void Compile(TemporaryTree tree, string name, string reference)
    {
        using var file = File.Create(Path.Combine(tree.Root, name + ".dll"));
        MadeUpAssembly.Write(file, name, reference);
    }
}
