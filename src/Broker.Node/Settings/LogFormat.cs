namespace Broker.Node.Settings;

/// <summary>How the log is written to the console.</summary>
public enum LogFormat
{
    /// <summary>One line for people.</summary>
    Text,

    /// <summary>One JSON object per line.</summary>
    Json,
}
