# One image for API, worker and CLI; the command chooses. It ships the sources in the layout of the workspace, because Node runs
# TypeScript as it is, but only outside node_modules.
FROM node:24.9.0-slim AS manifests
WORKDIR /rollcall
COPY apps apps
COPY packages packages
RUN find apps packages -type f ! -name package.json -delete

FROM node:24.9.0-slim AS packages
WORKDIR /rollcall
# The same pnpm as a clone uses (infra/bootstrap/pins.mjs); its native binary comes with the package, no script has to run.
RUN npm install --global --ignore-scripts pnpm@12.21.0
# Only manifests: a change of sources does not install anything again.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY --from=manifests /rollcall ./
RUN CI=true pnpm install --frozen-lockfile --prod --filter '{./apps/**}...'

FROM node:24.9.0-slim
ENV NODE_ENV=production
# A smaller nursery keeps a busy API below 300 MB.
ENV NODE_OPTIONS=--max-semi-space-size=16
WORKDIR /rollcall
COPY --from=packages /rollcall ./
COPY apps apps
COPY packages packages
USER node
EXPOSE 3000
CMD ["node", "apps/api/src/main.ts"]
