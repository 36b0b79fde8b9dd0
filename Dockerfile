# docker build -t broker . && docker run --rm -p 127.0.0.1:9772:9772 -v broker-data:/data broker
# The operators' tool is in it too: docker exec NODE /app/pbm cluster show
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Broker.Node --configuration Release --output /app \
 && dotnet publish src/Broker.Cli --configuration Release --output /app \
 && mkdir /data

# Without a shell or a package manager, and not as root.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiselled
# The base image asks for port 8080 here; the broker's own settings say where it listens.
ENV ASPNETCORE_HTTP_PORTS=
COPY --from=build /app /app
COPY --from=build --chown=$APP_UID:$APP_UID /data /data
USER $APP_UID
EXPOSE 9772
VOLUME /data
ENTRYPOINT ["dotnet", "/app/broker.dll"]
CMD ["--urls", "http://0.0.0.0:9772", "--data", "/data"]
