namespace Broker.Architecture.Tests;

public sealed class DeclarationsTests
{
    [Theory]
    [InlineData("namespace A.B;\npublic sealed class C<T>(int x) : D(x) where T : class { class E { } }", "C")]
    [InlineData("namespace A { internal readonly record struct C(int X); namespace B { enum D { E } } }", "C,D")]
    [InlineData("public abstract record C { private C() { } public sealed record D : C; }", "C")]
    [InlineData("public delegate ValueTask<int[]> C<T>(T x);\npublic static class D;", "C,D")]
    [InlineData("[Flags] public enum C : byte { D }\ninterface IE { record F; }", "C,IE")]
    [InlineData("var record = new { };\nstatic void M() { }", "")]
    [InlineData("/* class C */ // class D", "")]
    public void Types_AreTheOutermostOnes(string text, string names)
    {
        using var tree = new TemporaryTree().Write("src/Some.cs", text);

        string.Join(',', Declarations.Types(tree.Tree.Code.Single())).ShouldBe(names);
    }
}
