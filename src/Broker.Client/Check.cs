namespace Broker.Client;

/// <summary>Checks what users set.</summary>
internal static class Check
{
    public static void Duration(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(name, value, "A time is over zero and at most a day.");
        }
    }

    public static void Between(long value, long least, long most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"From {least} to {most}.");
        }
    }

    public static void That(bool isGood, string message, string name)
    {
        if (!isGood)
        {
            throw new ArgumentException(message, name);
        }
    }
}
