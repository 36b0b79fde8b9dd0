using System.Diagnostics;

namespace Broker.Node.Health;

/// <summary>Whether the node should be sent clients: every <see cref="IReadinessCheck"/> holds.</summary>
internal sealed class Readiness(IEnumerable<IReadinessCheck> checks)
{
    private readonly IReadinessCheck[] _checks = [.. checks];

    /// <summary>Looks at the checks in order.</summary>
    /// <param name="all">Whether to go on after one that fails.</param>
    public async Task<IReadOnlyList<Finding>> CheckAsync(bool all)
    {
        var findings = new List<Finding>(_checks.Length);
        foreach (var check in _checks)
        {
            var startedAt = Stopwatch.GetTimestamp();
            var failure = await check.FailureAsync();
            findings.Add(new Finding(check.Name, failure, Math.Round(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds, 2)));
            if (failure is not null && !all)
            {
                break;
            }
        }

        return findings;
    }

    /// <param name="Name">The check's.</param>
    /// <param name="Reason">What is wrong; null for nothing.</param>
    /// <param name="TookMs">How long the look took.</param>
    internal sealed record Finding(string Name, string? Reason, double TookMs)
    {
        public bool Ok => Reason is null;
    }
}
