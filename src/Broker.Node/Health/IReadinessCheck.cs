namespace Broker.Node.Health;

/// <summary>One condition of being ready. All of them are listed in <see cref="HealthServices"/>.</summary>
internal interface IReadinessCheck
{
    /// <summary>Lower case, as in the answer of <c>/health/ready</c>.</summary>
    string Name { get; }

    /// <summary>Null when it holds; else what is wrong, in a sentence. Answers within a few seconds.</summary>
    ValueTask<string?> FailureAsync();
}
