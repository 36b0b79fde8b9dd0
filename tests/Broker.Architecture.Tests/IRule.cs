namespace Broker.Architecture.Tests;

/// <summary>One rule of the house, read from the sources alone.</summary>
internal interface IRule
{
    string Name { get; }

    /// <summary>One line per violation, with its file; empty when the rule is kept.</summary>
    IEnumerable<string> Violations(SourceTree tree);
}
