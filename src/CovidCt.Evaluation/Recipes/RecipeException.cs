namespace CovidCt.Recipes;

/// <summary>A recipe isn't there, or its file is wrong; the message names the file, the line and the word.</summary>
public sealed class RecipeException : Exception
{
    /// <summary>An error with what was wrong.</summary>
    public RecipeException(string message) : base(message) { }

    /// <summary>An error with what was wrong, and its cause.</summary>
    public RecipeException(string message, Exception innerException) : base(message, innerException) { }
}
