using VoxPact.Server;

return await Verbs.RunAsync(args);
