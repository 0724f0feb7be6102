namespace CovidCt;

/// <summary>Choices by their names in files.</summary>
internal static class EnumNames
{
    /// <summary>The name of a choice in files and on the command line, in lower case: <c>patient</c>.</summary>
    public static string Name(this Enum choice) => choice.ToString().ToLowerInvariant();
}
